<?xml version="1.0" encoding="UTF-8"?>
<wfs:FeatureCollection xmlns:wfs="ThuaDat" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="ThuaDat" xmlns:gmlce="http://www.opengis.net/gml/3.3/ce" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="ThuaDat http://schemas.opengis.net/wfs/2.0/wfs.xsd Thua_Dat.xsd">
  <gml:boundedBy>
    <gml:Envelope srsDimension="2" srsName="urn:ogc:def:crs:EPSG::5899" srsRevert="VN2000_QNinh_3_107.75" srsProjected="1">
      <gml:lowerCorner>437500.549999999988 2318300</gml:lowerCorner>
      <gml:upperCorner>437510.549999999988 2318312</gml:upperCorner>
    </gml:Envelope>
  </gml:boundedBy>
  <wfs:member>
    <app:ThuaDat>
      <app:Geometry>
        <gml:Polygon srsDimension="2" srsName="urn:ogc:def:crs:EPSG::5899" srsRevert="VN2000_QNinh_3_107.75" srsProjected="1">
          <gml:exterior>
            <gml:LinearRing>
              <gml:posList>437500.549999999988 2318300 437510.549999999988 2318300 437510.549999999988 2318312 437500.549999999988 2318312 437500.549999999988 2318300</gml:posList>
            </gml:LinearRing>
          </gml:exterior>
        </gml:Polygon>
      </app:Geometry>
      <app:soHieuToBanDo>12</app:soHieuToBanDo>
      <app:soThuTuThua>345</app:soThuTuThua>
      <app:maXa>06652</app:maXa>
      <app:maLoaiDat>ODT+CLN</app:maLoaiDat>
      <app:dienTich>120</app:dienTich>
      <app:tenChu>Nguyễn Văn Mẫu</app:tenChu>
      <app:diaChi>Tổ 1, khu 2, phường Hà Tu, tỉnh Quảng Ninh</app:diaChi>
    </app:ThuaDat>
  </wfs:member>
</wfs:FeatureCollection>
